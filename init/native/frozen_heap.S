/*
 * The region of the frozen heap: empty in the first stage, with what that wrote in the shipped binary.
 * And the memory behind it, zeroed pages that cost nothing until they are touched.
 */
#ifdef FROZEN_HEAP_FILE
	.section .frozen, "aw", %progbits
#else
	.section .frozen, "aw", %nobits
#endif
	.globl frozen_heap
	.globl frozen_heap_end
frozen_heap:
#ifdef FROZEN_HEAP_FILE
	.incbin FROZEN_HEAP_FILE
#else
	.skip 1 << 20
#endif
	.balign 16
frozen_heap_end:

	.section .growth, "aw", %nobits
	.globl growth
	.globl growth_end
growth:
	.skip 32 << 20
growth_end:
	.section .note.GNU-stack, "", %progbits

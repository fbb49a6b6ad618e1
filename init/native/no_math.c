/*
 * The functions of Math that the init does not use. QuickJS's table of them would bring 28 KB of libm into the binary; the
 * script that is frozen has no name that leads here (scripts/drop-built-ins.ts), and uses no `**`.
 */
#define NONE(name) \
	double name(double x) \
	{ \
		return x - x; \
	}
#define NONE_OF_TWO(name) \
	double name(double x, double y) \
	{ \
		return x - y; \
	}

NONE(sin) NONE(cos) NONE(tan) NONE(asin) NONE(acos) NONE(atan)
NONE(sinh) NONE(cosh) NONE(tanh) NONE(asinh) NONE(acosh) NONE(atanh)
NONE(exp) NONE(expm1) NONE(log) NONE(log2) NONE(log10) NONE(log1p) NONE(cbrt)
NONE_OF_TWO(atan2) NONE_OF_TWO(hypot) NONE_OF_TWO(pow)

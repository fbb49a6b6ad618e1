// Workflows of GitHub Actions, read by GitHub's own parser.
import { registerHooks } from "node:module";

// The parser imports its schemas without saying that they are JSON, which Node.js demands.
registerHooks({
	load(url, context, nextLoad) {
		if (!url.endsWith(".json")) return nextLoad(url, context);
		return nextLoad(url, { ...context, importAttributes: { type: "json" } });
	},
});
const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await import(
	"@actions/workflow-parser"
);

/** What GitHub would say against a workflow that lies in a file of that name. */
export async function workflowProblems(name: string, content: string): Promise<string[]> {
	const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
	// More is found wrong when it is made of what was parsed.
	if (value !== undefined) await convertWorkflowTemplate(context, value);
	return context.errors.getErrors().map(({ message }) => message);
}

// Ends with 0 when the server answers, and with 1 when it does not.
const port = process.env.PORT ?? 8080;
const response = await fetch(`http://127.0.0.1:${port}/`);
process.exitCode = response.ok ? 0 : 1;

// What is checked before the server starts.

"""Tools for agents over MCP: the service in the words of a tool call."""

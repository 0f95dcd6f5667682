"""The sockets of the server: what is HTTP, who may hold a connection, and for how long."""

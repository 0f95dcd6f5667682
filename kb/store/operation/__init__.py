"""The server's own records in a base: keys, jobs, replies to repeated requests, saved searches, webhooks."""

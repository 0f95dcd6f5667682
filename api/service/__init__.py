"""``KnowledgeBase``: the single door behind HTTP, page, command line and agents, and what it is made of."""

"""How a quote is held against a text: reading, matching, what stands around it, what differs. No model, no search."""

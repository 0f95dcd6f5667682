"""What things are: documents, passages, topics, statistics, searches, answers, and the base on disk."""

"""The client of a language model's endpoint (OpenAI's chat completions): nothing goes out unless it is set."""

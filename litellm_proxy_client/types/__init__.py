"""The models of answers, and the types of parameters."""

"""The base classes of the generated clients, and the pages and streams that they return."""

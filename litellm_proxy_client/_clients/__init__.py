"""The classes that generated clients are built on."""

"""Claims about what is the client's affair: requests that clients ended, and requests that the app refused."""

"""How the outside reaches the sandbox: HTTP, Logplex, drains, rendezvous."""

"""How clients reach the sandbox: WSGI, HTTP, log sessions, drains, rendezvous."""

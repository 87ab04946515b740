"""OpenTelemetry's protocol: what telemetry drains of Fir send becomes lines, and lines become requests for others."""

"""The case study that nobody measured: a fintech's monolith moved to the cloud, made by arithmetic.

story      when it begins, the three periods, the starts of the demo, what goes wrong when
chance     numbers that depend on the seed and the time alone
happenings incidents, deployments, pipeline runs, releases
rows       requests, probes and latencies of a span, as lines of files
levels     rating, Lighthouse, cost, sessions, test coverage
beforehand an earlier promise and a correction, put into the store before anything is collected
folder     the files, written once; what passes afterwards is appended while it runs
"""

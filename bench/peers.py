"""The same counters in a real Prometheus and a real VictoriaMetrics, asked over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import requests
from components.prometheus import Prometheus
from components.victoria import Victoria

from bench.traffic import BAD, TOTAL, Traffic

_DEADLINE_S = 120


def start_prometheus(folder: Path, traffic: Traffic) -> Prometheus:
    """A Prometheus that holds the traffic as counters."""
    folder.mkdir(parents=True, exist_ok=True)
    history = folder / "bench.openmetrics"
    edges = [str(at) for at in traffic.edges.tolist()]
    by_metric = sorted(traffic.counters(), key=lambda each: each[0])
    with history.open("w") as file:
        last = ""
        for metric, service, values in by_metric:
            if metric != last:
                file.write(f"# TYPE {metric} counter\n")
            last = metric
            head = f'{metric}_total{{service="{service}"}} '
            lines = zip(values.tolist(), edges, strict=True)
            file.writelines(f"{head}{value} {at}\n" for value, at in lines)
        file.write("# EOF\n")
    # Its own largest block is 31 days.
    server = Prometheus(folder / "prometheus", openmetrics=history, blocks="744h")
    history.unlink()
    return server.start()


def start_victoria(folder: Path, traffic: Traffic) -> Victoria:
    """A VictoriaMetrics that holds the same."""
    server = Victoria(folder).start()
    stamps = ",".join(f"{at}000" for at in traffic.edges.tolist())
    for metric, service, values in traffic.counters():
        labels = f'{{"__name__":"{metric}_total","service":"{service}"}}'
        numbers = ",".join(map(str, values.tolist()))
        line = f'{{"metric":{labels},"values":[{numbers}],"timestamps":[{stamps}]}}'
        requests.post(f"{server.url}/api/v1/import", data=line, timeout=_DEADLINE_S)
    requests.get(f"{server.url}/internal/force_flush", timeout=_DEADLINE_S)
    return server


def ratios(url: str, window_s: int, at: int, session: requests.Session) -> Mapping[str, float]:
    """Bad over total of every service, as one grouped query says it."""
    inner = f"[{window_s}s]"
    bad = f"sum by (service) (increase({BAD}_total{inner}))"
    total = f"sum by (service) (increase({TOTAL}_total{inner}))"
    asked = {"query": f"{bad} / {total}", "time": str(at), "nocache": "1"}
    answer = session.get(f"{url}/api/v1/query", params=asked, timeout=_DEADLINE_S)
    answer.raise_for_status()
    found = answer.json()["data"]["result"]
    return {each["metric"]["service"]: float(each["value"][1]) for each in found}

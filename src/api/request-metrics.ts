/** Counts requests and how long they took, in the form that Prometheus reads. Never by caller or by content. */

const BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

interface Series {
  count: number;
  seconds: number;
  readonly buckets: number[];
}

export class RequestMetrics {
  private readonly series = new Map<string, Series>();

  /** `url`: as the route is written, so that there are as many series as there are endpoints. */
  note(method: string, url: string, status: number, seconds: number): void {
    const labels = `method="${method}",route="${url}",status="${Math.floor(status / 100)}xx"`;
    let series = this.series.get(labels);
    if (series === undefined) {
      series = { count: 0, seconds: 0, buckets: BUCKETS_S.map(() => 0) };
      this.series.set(labels, series);
    }
    series.count += 1;
    series.seconds += seconds;
    const place = BUCKETS_S.findIndex((limit) => seconds <= limit);
    if (place >= 0) series.buckets[place] = (series.buckets[place] as number) + 1;
  }

  text(): string {
    const name = 'evenstock_http_request_seconds';
    const lines = [`# HELP ${name} How long requests took.`, `# TYPE ${name} histogram`];
    for (const [labels, { count, seconds, buckets }] of this.series) {
      let below = 0;
      for (const [place, limit] of BUCKETS_S.entries()) {
        below += buckets[place] as number;
        lines.push(`${name}_bucket{${labels},le="${limit}"} ${below}`);
      }
      lines.push(`${name}_bucket{${labels},le="+Inf"} ${count}`);
      lines.push(`${name}_sum{${labels}} ${seconds}`, `${name}_count{${labels}} ${count}`);
    }
    return `${lines.join('\n')}\n`;
  }
}

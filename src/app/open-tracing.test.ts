import { expect, test } from 'vitest';
import { openTracing } from './open-tracing.ts';
import { inSpan } from './tracing.ts';

const log = { info: () => undefined, warn: () => undefined };
const ENDPOINT = 'http://127.0.0.1:9';

test.each([
  [{}],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT, OTEL_SDK_DISABLED: 'TRUE' }],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: ENDPOINT, OTEL_TRACES_EXPORTER: 'none' }],
  [{ OTEL_SERVICE_NAME: 'x' }],
])('with %o nothing is told to anybody', async (environment) => {
  expect(await openTracing(environment, '1', log)).toBeUndefined();
});

test('spans know what they are a part of, also over what waits; a failure leaves its span', async () => {
  const tracing = await openTracing({ OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT }, '1', log);
  expect(tracing?.current()).toBeUndefined();
  const traceOf = (text: string | undefined) => text?.split('-')[1];
  await inSpan(tracing, { name: 'outer' }, async (outer) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(tracing?.current()).toEqual(outer?.context);
    await inSpan(tracing, { name: 'inner' }, async (inner) => {
      expect(traceOf(inner?.context.traceparent)).toBe(traceOf(outer?.context.traceparent));
      expect(inner?.context.traceparent).not.toBe(outer?.context.traceparent);
    });
    const failing = inSpan(tracing, { name: 'failing' }, async () => {
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(tracing?.current()).toEqual(outer?.context);
  });
  expect(tracing?.current()).toBeUndefined();
  const started = performance.now();
  await tracing?.stop(50);
  expect(performance.now() - started).toBeLessThan(5_000);
});

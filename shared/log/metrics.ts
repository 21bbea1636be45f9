/** Which lines of the log count in a metric, and the block by which CloudWatch knows them. */
import { functionInForce } from '../environment/configuration.ts';

/** Fields of events that decide which metric a line counts in, and by what. */
interface Counted {
  readonly outcome?: string;
  readonly fate?: string;
  readonly method?: string;
  readonly country?: string;
  readonly milliseconds?: number;
}

function metricOf(event: string, { outcome, fate }: Counted): string | undefined {
  switch (event) {
    case 'challenge-started':
    case 'challenge-resent':
      return 'issued';
    case 'code-verified':
      return 'verified';
    case 'delivery-ended':
      if (outcome === 'sent') return 'sent';
      return outcome === 'failed' || outcome === 'failed-over' ? 'refused' : undefined;
    case 'sms-status':
      return fate === 'delivered' ? 'delivered' : 'undelivered';
    default:
      return undefined;
  }
}

/**
 * The embedded metric format: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html.
 * Written here: in each bundle this is 0.8 kB, and Powertools' metrics 16. `function` tells stages apart. Each combination of values is a metric that costs, so time has no country.
 */
export function embeddedMetrics(event: string, fields: object, now: Date): object {
  const counted: Counted = fields;
  const name = metricOf(event, counted);
  const fn = functionInForce();
  if (name === undefined || fn === undefined) return {};
  const { method, country, milliseconds } = counted;
  const whole = ['function', ...(method === undefined ? [] : ['method'])];
  const directive = (Dimensions: string[][], Name: string, Unit: string) => ({
    Namespace: 'MfaFallback',
    Dimensions,
    Metrics: [{ Name, Unit }],
  });
  return {
    function: fn,
    [name]: 1,
    _aws: {
      Timestamp: now.getTime(),
      CloudWatchMetrics: [
        directive(country === undefined ? [whole] : [whole, [...whole, 'country']], name, 'Count'),
        ...(milliseconds === undefined ? [] : [directive([whole], 'milliseconds', 'Milliseconds')]),
      ],
    },
  };
}

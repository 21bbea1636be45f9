/** The functions that deliver: the worker with its rights to send, and the one that says what a call speaks. */
import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { callsAtOnce, pacedQueues, placesOf } from '../configuration/paces.ts';
import type { Stage } from '../configuration/stage.ts';
import type { Foundation } from './foundation.ts';
import { allow } from './keys.ts';
import { senderOf } from './sender.ts';
import { Voice } from './voice.ts';

export function addDeliveryFunctions(scope: Construct, foundation: Foundation) {
  const { stage, queues } = foundation;
  const { reserved } = stage.delivery ?? {};
  const speakOtp = foundation.addFunction(
    'speak-otp',
    'Tells the contact flow of a call what to say',
    {},
    reserved && stage.voice ? callsAtOnce(stage.delivery) : undefined,
  );
  foundation.allowTable(speakOtp, 'read', ['user']);
  const voice =
    stage.voice &&
    new Voice(scope, 'Voice', { ...stage.voice, stageName: stage.name, speaker: speakOtp.function });

  const deliver = foundation.addFunction(
    'deliver',
    'Sends codes and notices',
    voice ? { CONNECT_FLOW_ID: voice.flowId } : {},
    reserved ? placesOf(stage) : undefined,
  );
  foundation.allowTable(deliver, 'change', [
    ...(['user', 'destination', 'quota', 'outcomes', 'breaker'] as const),
    ...(stage.sms.deliveryStatus ? (['sms'] as const) : []),
  ]);
  foundation.allowQueues(deliver, ...pacedQueues);
  allowSms(deliver.function);
  allowEmail(deliver.function, stage);
  if (voice) {
    allow(deliver.function, ['connect:StartOutboundVoiceContact'], [`${voice.instanceArn}/contact/*`]);
  }
  queues.feed(deliver.function);
  return { 'speak-otp': speakOtp, deliver };
}

/** A phone number has no ARN to name; a topic has, so everything but topics is allowed. */
function allowSms(worker: lambda.IFunction): void {
  worker.grantPrincipal.addToPrincipalPolicy(
    new iam.PolicyStatement({
      actions: ['sns:Publish'],
      notResources: [`arn:${Stack.of(worker).partition}:sns:*:*:*`],
    }),
  );
}

/**
 * Every identity as a resource, and one sender as the bound. While the account is in the sandbox, SES asks for a right on
 * the recipient's identity too. It also asks for one on a default configuration set, which the stage does not name. AWS's own
 * example for one sender is written this way: "Controlling access to Amazon SES" in the SES developer guide,
 * https://docs.aws.amazon.com/ses/latest/dg/control-user-access.html.
 */
function allowEmail(worker: lambda.IFunction, stage: Stage): void {
  worker.grantPrincipal.addToPrincipalPolicy(
    new iam.PolicyStatement({
      actions: ['ses:SendEmail'],
      resources: ['*'],
      conditions: { StringEquals: { 'ses:FromAddress': senderOf(stage).address } },
    }),
  );
}

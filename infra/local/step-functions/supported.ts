/** The part of the States Language that runs here as in Step Functions. Everything else is refused by name. */

/** Fields by state type. Wait, Map and Parallel are missing: they would follow neither the movable clock nor a restart. */
const stateFields: Readonly<Record<string, readonly string[]>> = {
  Task: [
    'Resource',
    'Parameters',
    'ResultSelector',
    'ResultPath',
    'TimeoutSeconds',
    'Retry',
    'Catch',
    'Next',
    'End',
  ],
  Pass: ['Result', 'ResultPath', 'Parameters', 'Next', 'End'],
  Choice: ['Choices', 'Default'],
  Succeed: [],
  Fail: ['Error', 'Cause'],
};
const everyState = ['Type', 'Comment', 'InputPath', 'OutputPath', 'QueryLanguage'];
const machineFields = ['StartAt', 'States', 'Comment', 'Version', 'TimeoutSeconds', 'QueryLanguage'];
const retrierFields = ['ErrorEquals', 'IntervalSeconds', 'MaxAttempts', 'BackoffRate', 'MaxDelaySeconds'];
const catcherFields = ['ErrorEquals', 'Next', 'ResultPath', 'Comment'];
const comparisons =
  /^(String|Numeric|Boolean|Timestamp)(Equals|LessThan|GreaterThan|LessThanEquals|GreaterThanEquals)$/;
const typeTests = ['IsNull', 'IsPresent', 'IsNumeric', 'IsString', 'IsBoolean', 'IsTimestamp'];

/** Not UUID and MathRandom: a workflow that is taken up again after a restart has to take the same way. */
const intrinsics =
  /^States\.(Format|StringToJson|JsonToString|Array|ArrayContains|ArrayLength|ArrayGetItem|Base64Encode|Base64Decode|Hash|JsonMerge|MathAdd|StringSplit)$/;
const contextPaths = [
  '$$.Task.Token',
  '$$.Execution.Id',
  '$$.Execution.Name',
  '$$.StateMachine.Id',
  '$$.StateMachine.Name',
];
const path = /^\$(\.\w+|\[\d+\])*$/;
const resultPath = /^\$(\.\w+)+$/;

export type Json = Readonly<Record<string, unknown>>;

/** Throws, naming the fault of the part that is being checked. */
export type Refuse = (what: string) => never;

export function checkMachine(definition: Json, refuse: Refuse): void {
  checkFields(definition, machineFields, refuse);
  checkLanguage(definition, refuse);
}

export function checkState(state: Json, refuse: Refuse): void {
  const type = String(state['Type']);
  const fields = stateFields[type] ?? refuse(`states of type ${type} are not run here`);
  checkFields(state, type === 'Fail' ? ['Type', 'Comment', ...fields] : [...everyState, ...fields], refuse);
  checkLanguage(state, refuse);
  for (const name of ['InputPath', 'OutputPath']) checkPath(state[name], name, refuse);
  checkResultPath(state, refuse);
  for (const name of ['Parameters', 'ResultSelector']) checkTemplate(state[name], name, refuse);
  if ('Result' in state && !state['Result']) refuse('an empty Result is not run here');
  for (const retrier of list(state['Retry'])) {
    checkFields(retrier, retrierFields, (what) => refuse(`Retry: ${what}`));
  }
  for (const catcher of list(state['Catch'])) {
    checkFields(catcher, catcherFields, (what) => refuse(`Catch: ${what}`));
    checkResultPath(catcher, (what) => refuse(`Catch: ${what}`));
  }
  for (const { Next: _, ...rule } of list(state['Choices']))
    checkRule(rule, (what) => refuse(`Choices: ${what}`));
}

/** Text of every value in a payload template that names something to look up. */
export function references(template: unknown): string[] {
  if (template === null || typeof template !== 'object') return [];
  return Object.entries(template).flatMap(([key, value]) =>
    key.endsWith('.$') ? [String(value)] : references(value),
  );
}

function checkFields(object: Json, known: readonly string[], refuse: Refuse): void {
  const unknown = Object.keys(object).find((name) => !known.includes(name));
  if (unknown !== undefined) refuse(`${unknown} is not run here`);
}

function checkLanguage({ QueryLanguage: language = 'JSONPath' }: Json, refuse: Refuse): void {
  if (language !== 'JSONPath') refuse(`QueryLanguage ${language} is not run here`);
}

function checkPath(value: unknown, name: string, refuse: Refuse): void {
  if (value === undefined || value === null) return;
  if (!path.test(String(value)) && !contextPaths.includes(String(value)))
    refuse(`${name} ${value} is not run here`);
}

function checkResultPath({ ResultPath: value }: Json, refuse: Refuse): void {
  if (value === undefined || value === null || resultPath.test(String(value))) return;
  refuse(`ResultPath ${value} is not run here`);
}

function checkTemplate(template: unknown, name: string, refuse: Refuse): void {
  for (const reference of references(template)) {
    if (reference.startsWith('$')) {
      checkPath(reference, name, refuse);
      continue;
    }
    const called = reference.match(/States\.\w+/g) ?? [reference];
    const unknown = called.find((each) => !intrinsics.test(each));
    if (unknown !== undefined) refuse(`${name}: ${unknown} is not run here`);
    for (const each of reference.match(/\$[^\s,)']*/g) ?? []) checkPath(each, name, refuse);
  }
}

function checkRule(rule: Json, refuse: Refuse): void {
  for (const [name, value] of Object.entries(rule)) {
    if (name === 'Variable') checkPath(value, name, refuse);
    else if (name === 'And' || name === 'Or') for (const each of list(value)) checkRule(each, refuse);
    else if (name === 'Not') checkRule(value as Json, refuse);
    else if (typeTests.includes(name) && value === true) continue;
    else if (!comparisons.test(name)) refuse(`${name} ${value} is not run here`);
  }
}

const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? value : []);

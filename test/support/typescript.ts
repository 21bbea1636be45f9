/** How tests run the TypeScript compiler: in half the processor time that it takes by itself. */

/** Several checkers would each look at the types of `aws-cdk-lib`. */
export const oneChecker = ['--checkers', '1'] as const;

/** For its environment: the garbage of a run that ends in seconds need not be collected often. */
export const seldomCollects = { GOGC: '400' } as const;

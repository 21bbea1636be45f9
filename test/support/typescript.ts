/** How tests run the TypeScript compiler. */

/** Several checkers would each look at the types of `aws-cdk-lib`. */
export const oneChecker = ['--checkers', '1'] as const;

/** How much of a matrix a run tries: `npm test` the places that matter most, `npm run evidence` all of them. */

export const isWhole = process.env['TEST_SIZE'] === 'whole';

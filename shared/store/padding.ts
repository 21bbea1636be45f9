/** Makes the records of the known and the unknown equally long, so that the time of reading one does not tell which it is. */
import type { Policy } from '../domain/policy/policy.ts';
import type { UserRecord } from '../domain/user-record/user-record.ts';

// Bytes: a contact with three addresses, four enrolled questions, and codes of which few are used. The little that
// somebody has beyond takes no time that can be measured.
const contactBytes = 288;
const questionsBytes = 640;
const batchBytes = 128;
const codeBytes = 68;

type Told = Pick<UserRecord, 'enrolment' | 'securityQuestions'>;

/**
 * Bytes that a record is filled up by: what a person with a contact, and with questions and codes where policy has
 * them, would have more.
 *
 * @param codes bytes of the backup codes as they are stored
 */
export function paddingBytes(
  { enrolment, securityQuestions }: Told,
  codes: number,
  { forgotPhone, securityCodes, backupCodes }: Policy,
): number {
  const whole =
    contactBytes +
    (forgotPhone.enabled ? questionsBytes : 0) +
    (securityCodes === 'none' ? 0 : batchBytes + codeBytes * backupCodes.perBatch);
  const contact = enrolment ? enrolment.contact.length + enrolment.userId.length : 0;
  const questions = securityQuestions
    ? securityQuestions.ciphertext.length + securityQuestions.asked.join('').length
    : 0;
  return Math.max(0, whole - contact - questions - codes);
}

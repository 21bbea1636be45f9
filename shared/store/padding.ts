/**
 * The padding of a record, which makes the records of enrolled and unknown names equally long. Otherwise the time it
 * takes to read a record would show whether the name is enrolled.
 */
import type { Policy } from '../domain/policy/policy.ts';
import type { UserRecord } from '../domain/user-record/user-record.ts';

// Bytes of a contact with three addresses, of four enrolled questions, and of backup codes of which few are used. A
// record that is a little longer takes no measurably longer time.
const contactBytes = 288;
const questionsBytes = 640;
const batchBytes = 128;
const codeBytes = 68;

type Padded = Pick<UserRecord, 'enrolment' | 'securityQuestions'>;

/**
 * Padding in bytes: how much longer the record of a person with a contact would be, and with questions and backup
 * codes if policy has them.
 *
 * @param codes length of the stored backup codes in bytes
 */
export function paddingBytes(
  { enrolment, securityQuestions }: Padded,
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

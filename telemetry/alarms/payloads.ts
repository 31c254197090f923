/** The alarms of the encryption of what Temporal stores, which are rows of the table of all alarms. */
export const payloadAlarms = {
  payload_keys_unavailable: {
    sentence: 'KMS does not give the keys of payloads',
    cause:
      'A call of KMS failed after its tries: `reason` says which key, and why. What a program encrypts goes on with the data key that it has, for a day; what another one encrypted with a data key that this one does not know waits, and is tried again.',
    remedy:
      'Is the key enabled, may the role of the task use it, is there a way to KMS: docs/how-to/encrypt-payloads.md. Everything goes on by itself. After a day without KMS the programs end, and do not start.',
    metric: 'quittance_alarms_total{what="payload_keys_unavailable"}',
    isLevel: true,
  },
  payload_unreadable: {
    sentence: 'something in the store of Temporal cannot be decrypted',
    cause:
      'A payload is encrypted with a key that this program does not have, or was changed after it was encrypted: `reason` says which. Its workflow waits. Nothing in the ledger is lost.',
    remedy:
      'Give every program the key that `reason` names, and start it again. If it has that key, somebody changed what is stored: docs/how-to/encrypt-payloads.md.',
    metric: 'quittance_alarms_total{what="payload_unreadable"}',
    isLevel: true,
  },
} as const;

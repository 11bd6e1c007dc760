import {
  type Certificate,
  CertificateError,
  type CertificateFiles,
  readCertificate,
} from './certificates.ts';
import { type FileListener, FileWatch } from './file-watch.ts';

/** Follows a certificate and its key. */
export class CertificateWatch extends FileWatch<Certificate> {
  constructor(files: CertificateFiles, inUse: Certificate, listener: FileListener<Certificate>) {
    const reading = {
      files: [files.certFile, files.keyFile],
      read: () => readCertificate(files),
      same: (one: Certificate, other: Certificate) => one.cert === other.cert && one.key === other.key,
      problemOf: (error: unknown) =>
        error instanceof CertificateError ? error.message : 'the certificate cannot be used',
    };
    super(reading, inUse, listener);
  }
}

import { readFile } from 'node:fs/promises'
import { type CardSigner, createCardSigner } from '../../../shared/a2a/card-signer.ts'
import { StartFault } from '../start-fault.ts'

/** The signer of agent cards by the configured key, or null. Throws StartFault for a key that cannot be used. */
export async function openCardSigner(file: string | null, publicUrl: string): Promise<CardSigner | null> {
  if (file === null) return null
  try {
    return await createCardSigner(await readFile(file, 'utf8'), `${publicUrl}/.well-known/jwks.json`)
  } catch (cause) {
    throw new StartFault(
      'A2A_CARD_KEY must name a file with a private key of P-256 (PEM, PKCS #8): openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256',
      { cause },
    )
  }
}

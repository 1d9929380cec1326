// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Phone;

/// <summary>The other side pressed a key (RFC 4733).</summary>
/// <param name="Call">In which call.</param>
/// <param name="Digit">0–9, *, #, A–D.</param>
public sealed record DigitReceived(Call Call, char Digit) : PhoneEvent;

// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Phone;

/// <summary>Somebody began to write to us, or stopped (RFC 3994).</summary>
/// <param name="From">Who.</param>
/// <param name="IsComposing">Whether a message is being written.</param>
public sealed record ComposingChanged(string From, bool IsComposing) : PhoneEvent;

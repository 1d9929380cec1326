// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Phone;

/// <summary>A call changed; a new one appears with its first state.</summary>
/// <param name="Call">Which.</param>
/// <param name="State">How it stands now.</param>
public sealed record CallChanged(Call Call, CallState State) : PhoneEvent;

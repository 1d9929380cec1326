// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Phone;

/// <summary>A registration changed.</summary>
/// <param name="Account">Whose.</param>
/// <param name="State">How it stands now.</param>
public sealed record RegistrationChanged(Account Account, RegistrationState State) : PhoneEvent;

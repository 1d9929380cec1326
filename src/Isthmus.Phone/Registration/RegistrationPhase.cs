// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Phone;

/// <summary>Where a registration stands.</summary>
public enum RegistrationPhase
{
    /// <summary>Not asked for yet.</summary>
    Idle,

    /// <summary>A first REGISTER is on its way.</summary>
    Registering,

    /// <summary>The registrar holds the binding; it is refreshed before it expires.</summary>
    Registered,

    /// <summary>The last REGISTER failed; another follows at <see cref="RegistrationState.NextAttempt"/>.</summary>
    Failed,

    /// <summary>Taken back by the phone.</summary>
    Unregistered,
}

// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Phone;

/// <summary>How the first round of registrations ended.</summary>
/// <param name="States">One for every REGISTER that the accounts' modes ask for.</param>
public sealed record RegistrationResult(IReadOnlyList<RegistrationState> States)
{
    /// <summary>Whether every registration succeeded, and there was one.</summary>
    public bool IsComplete => States.Count > 0 && States.All(s => s.Phase == RegistrationPhase.Registered);

    /// <summary>Whether at least one registration succeeded: the phone can be called.</summary>
    public bool IsUsable => States.Any(s => s.Phase == RegistrationPhase.Registered);

    /// <summary>One line for people: <c>IPv6 registered; IPv4 403 Forbidden</c>.</summary>
    public string Summary => States.Count == 0
        ? "nothing to register"
        : string.Join("; ", States.Select(s => s.Phase == RegistrationPhase.Registered
            ? $"{s.Version.DisplayName} registered"
            : $"{s.Version.DisplayName} {(s.Status == 0 ? "" : $"{s.Status} ")}{s.Reason}".TrimEnd()));
}

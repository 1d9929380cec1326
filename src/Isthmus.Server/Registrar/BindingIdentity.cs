// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Location;

namespace Isthmus.Server.Registrar;

/// <summary>When a Contact takes the place of a binding with another URI.</summary>
internal static class BindingIdentity
{
    /// <summary>
    /// With a <c>reg-id</c> on both, RFC 5626 §6 decides: the same instance and the same reg-id. Without, a dual-stack phone registers each version by
    /// itself under one instance: only the binding of the same version is replaced. A removal names its URI or its reg-id.
    /// </summary>
    public static bool IsReplaced(Binding binding, RegistrationContact contact)
    {
        if (contact.Instance is null || contact.Instance != binding.Instance)
        {
            return false;
        }

        return contact.RegId is { } regId && binding.RegId is { } held
            ? regId == held
            : contact.Expires > TimeSpan.Zero && binding.Version == contact.Version;
    }

    /// <summary>The same of a Contact that is that of another binding, which it renews.</summary>
    public static bool IsReplaced(Binding binding, Binding renewed) =>
        !renewed.InstanceOctets.IsEmpty && renewed.InstanceOctets.SequenceEqual(binding.InstanceOctets)
        && (renewed.RegId is { } regId && binding.RegId is { } held ? regId == held : binding.Version == renewed.Version);
}

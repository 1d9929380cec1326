// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using static Isthmus.Bodies.RegistrationInfo;

namespace Isthmus.Bodies;

/// <summary>What is registered for one user (RFC 3680 §5.2).</summary>
/// <param name="Aor">The user, a URI.</param>
/// <param name="Id">What makes it known again in the next document.</param>
/// <param name="Status">Whether there are contacts.</param>
public sealed record Registration(string Aor, string Id, RegistrationStatus Status)
{
    private static readonly Words<RegistrationStatus> Statuses = new(
        (RegistrationStatus.Init, "init"), (RegistrationStatus.Active, "active"), (RegistrationStatus.Terminated, "terminated"));

    /// <summary>The contacts.</summary>
    public ImmutableArray<RegisteredContact> Contacts { get; init; } = [];

    internal static Registration Read(MarkupElement element) => new(
        element.Attribute("aor") ?? "", element.Attribute("id") ?? "", Statuses.Value(element.Attribute("state")) ?? RegistrationStatus.Init)
    {
        Contacts = [.. element.ChildrenOf(Namespace, "contact").Select(RegisteredContact.Read)],
    };

    internal void Write(ref MarkupWriter writer)
    {
        writer.Begin("registration"u8);
        writer.Attribute("aor"u8, Aor);
        writer.Attribute("id"u8, Id);
        writer.Attribute("state"u8, Statuses.Word(Status));
        foreach (var contact in Contacts)
        {
            contact.Write(ref writer);
        }

        writer.End("registration"u8);
    }
}

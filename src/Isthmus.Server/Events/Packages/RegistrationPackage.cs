// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Isthmus.Bodies;
using Isthmus.Server.Location;

namespace Isthmus.Server.Events;

/// <summary>Which devices of a user are registered (RFC 3680). For the user alone.</summary>
internal sealed class RegistrationPackage : IEventPackage
{
    public string Name => "reg";

    public string ContentType => RegistrationInfo.ContentType;

    public StateSources Sources => StateSources.Bindings;

    public Access Decide(in WatchQuestion question) => question.ForOwnerOnly;

    public StateDocument Compose(ResourceState state) => CountedDocument.Of(new RegistrationInfo(null, IsFull: true)
    {
        Registrations =
        [
            new(state.Aor, "1", state.Bindings.Count == 0 ? RegistrationStatus.Init : RegistrationStatus.Active) { Contacts = [.. state.Bindings.Select(ContactOf)] },
        ],
    }.ToBytes());

    // Neither the time that is left nor the CSeq: each refresh of a phone would be news.
    private static RegisteredContact ContactOf(Binding binding) => new(
        binding.Id.ToString(CultureInfo.InvariantCulture), Encoding.UTF8.GetString(binding.UriOctets), IsActive: true, ContactEvent.Registered)
    {
        Q = binding.Q,
        CallId = binding.CallId,
    };
}

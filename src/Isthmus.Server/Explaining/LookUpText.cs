// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Explaining;

/// <summary>A question to DNS and its answer, as a zone file would have it.</summary>
internal static class LookUpText
{
    public static ExplainedLookUp Of(DnsStep step) => new(
        step.Name, step.Type.ToString().ToUpperInvariant(), step.Status.ToString(), [.. step.Records.Select(TextOf)], Math.Round(step.TimeToLive.TotalSeconds, 1), step.Source.ToString());

    private static string TextOf(DnsRecord record) => record switch
    {
        AddressRecord address => address.Address.ToString(),
        AliasRecord alias => alias.Target,
        ServiceRecord service => string.Create(CultureInfo.InvariantCulture, $"{service.Priority} {service.Weight} {service.Port} {(service.IsDenial ? "." : service.Target)}"),
        PointerRecord pointer => string.Create(CultureInfo.InvariantCulture, $"{pointer.Order} {pointer.Preference} \"{pointer.Flags}\" \"{pointer.Service}\" {pointer.Replacement}"),
        _ => record.ToString(),
    };
}

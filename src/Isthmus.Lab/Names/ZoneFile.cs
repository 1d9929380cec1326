// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace Isthmus.Lab;

/// <summary>Writes a zone in the master file format (RFC 1035 §5), which every DNS server reads.</summary>
internal static class ZoneFile
{
    public static string Text(Zone zone)
    {
        string primary = zone.Records.FirstOrDefault(record => record.Type == DnsType.NS)?.Data ?? "ns";
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"$ORIGIN {zone.Name}.\n$TTL {zone.Seconds}\n");
        text.Append(CultureInfo.InvariantCulture, $"@ SOA {primary} hostmaster 1 3600 600 86400 {zone.Seconds}\n");
        foreach (ZoneRecord record in zone.Records)
        {
            string seconds = record.Seconds is { } own ? own.ToString(CultureInfo.InvariantCulture) + " " : "";
            text.Append(CultureInfo.InvariantCulture, $"{record.Owner} {seconds}{record.Type} {record.Data}\n");
        }

        return text.ToString();
    }
}

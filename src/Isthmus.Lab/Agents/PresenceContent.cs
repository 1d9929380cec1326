// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Isthmus.Lab;

/// <summary>What the lab's own agents say of themselves (RFC 3863).</summary>
internal static class PresenceContent
{
    public const string Type = "application/pidf+xml";

    /// <summary>Somebody is there, with a note.</summary>
    public static byte[] Of(string entity, string note) => Encoding.UTF8.GetBytes($"""
        <?xml version="1.0" encoding="UTF-8"?>
        <presence xmlns="urn:ietf:params:xml:ns:pidf" entity="{entity}">
          <tuple id="lab"><status><basic>open</basic></status><contact>{entity}</contact><note>{note}</note></tuple>
        </presence>

        """);
}

// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Bodies;

/// <summary>The namespaces of presence documents.</summary>
internal static class PresenceNames
{
    /// <summary>RFC 3863 §4.1.1.</summary>
    public const string Pidf = "urn:ietf:params:xml:ns:pidf";

    /// <summary>RFC 4479 §6.1.</summary>
    public const string DataModel = "urn:ietf:params:xml:ns:pidf:data-model";

    /// <summary>RFC 4480 §5.1.</summary>
    public const string Rpid = "urn:ietf:params:xml:ns:pidf:rpid";

    /// <summary>Of <c>xml:lang</c>.</summary>
    public const string Xml = "http://www.w3.org/XML/1998/namespace";
}

// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using Isthmus.Sip;

namespace Isthmus.Sdp;

/// <summary>An ICE candidate, <c>a=candidate</c> (RFC 8839 §5.1).</summary>
/// <param name="Foundation">1 to 32 letters, digits, <c>+</c> and <c>/</c>.</param>
/// <param name="Component">1 is RTP, 2 is RTCP; 1 to 256.</param>
/// <param name="Transport">Usually <c>UDP</c>.</param>
/// <param name="Priority">Higher is better.</param>
/// <param name="AddressText">The address or name as written.</param>
/// <param name="Port">0 to 65535.</param>
/// <param name="Type"><c>host</c>, <c>srflx</c>, <c>prflx</c>, <c>relay</c>, …</param>
/// <param name="Extensions">What follows the type, as written; empty when nothing does.</param>
public sealed record IceCandidate(
    string Foundation, int Component, string Transport, uint Priority, string AddressText, int Port, string Type, string Extensions = "")
{
    /// <summary>The address; null for a domain name, which a reader ignores. Never IPv4-mapped.</summary>
    public IPAddress? Address => Sdp.AddressText.TryParse(AddressText, out var address) ? address : null;

    /// <summary>The version of the address; null for a domain name.</summary>
    public IpVersion? Version => Address?.Version;

    /// <summary>Reads the value of <c>a=candidate</c>; null when it cannot be read (a reader then ignores it).</summary>
    public static IceCandidate? Parse(string value)
    {
        var fields = new Fields(value);
        var foundation = fields.Next();
        var component = fields.Next();
        var transport = fields.Next();
        var priority = fields.Next();
        var address = fields.Next();
        var port = fields.Next();
        var typ = fields.Next();
        var type = fields.Next();
        if (foundation.Length > 32
            || !int.TryParse(component, NumberStyles.None, CultureInfo.InvariantCulture, out var componentId) || componentId is < 1 or > 256
            || !uint.TryParse(priority, NumberStyles.None, CultureInfo.InvariantCulture, out var priorityValue)
            || !ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var portNumber)
            || !typ.SequenceEqual("typ") || type.IsEmpty || !Sdp.AddressText.TryParse(address, out _))
        {
            return null;
        }

        return new(foundation.ToString(), componentId, transport.ToString(), priorityValue, address.ToString(), portNumber, type.ToString(), fields.Rest.ToString());
    }

    /// <summary>The attribute's value.</summary>
    public override string ToString()
    {
        var value = string.Create(CultureInfo.InvariantCulture, $"{Foundation} {Component} {Transport} {Priority} {AddressText} {Port} typ {Type}");
        return Extensions.Length == 0 ? value : $"{value} {Extensions}";
    }
}

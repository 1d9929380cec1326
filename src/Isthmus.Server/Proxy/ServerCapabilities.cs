// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Server.Proxy;

/// <summary>What the server says of itself in the answer to an OPTIONS (RFC 3261 §11.2).</summary>
internal sealed class ServerCapabilities
{
    /// <summary>The option tags that a Proxy-Require may name.</summary>
    public IReadOnlyList<string> ProxyExtensions { get; init; } = [];

    /// <summary>The option tags of the server itself.</summary>
    public IReadOnlyList<string> Supported { get; init; } = ["path", "gruu"];

    /// <summary>Adds Allow, Accept, Accept-Encoding, Accept-Language and Supported to a response.</summary>
    public void Describe(ResponseBuilder response) => response
        .Header(HeaderName.Allow, "OPTIONS, REGISTER")
        .Header(HeaderName.Accept, "application/sdp")
        .Header(HeaderName.AcceptEncoding, "identity")
        .Header(HeaderName.AcceptLanguage, "en")
        .Header(HeaderName.Supported, string.Join(", ", Supported));
}

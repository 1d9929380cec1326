// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Isthmus.Bodies;

/// <summary>A body of several parts (RFC 2046 §5.1) of which one is the root that speaks of the others (<c>multipart/related</c>, RFC 2387).</summary>
/// <param name="Parts">The parts; the root is the first, or the one that the media type names.</param>
public sealed record MultipartBody(ImmutableArray<BodyPart> Parts)
{
    private const int HashInBoundary = 12; // octets, twice as many digits

    private readonly string _start = "";

    /// <summary>
    /// Whether parts are written with a second name, <c>Content-Id</c> without brackets: linphone finds them by these very octets. Whoever reads headers as they are
    /// meant finds the same name twice.
    /// </summary>
    public bool WritesBareNames { get; init; }

    /// <summary>The part that speaks of the others; null when there are no parts.</summary>
    public BodyPart? Root => (_start.Length > 0 ? Find(_start) : null) ?? Parts.FirstOrDefault();

    /// <summary>The part of this name; null when there is none. Brackets around the name do not matter.</summary>
    public BodyPart? Find(string contentId) => Parts.FirstOrDefault(part => part.ContentId == Bare(contentId));

    /// <summary>Reads a body. Never throws: what cannot be read gives a fault. The parts are slices of the body.</summary>
    /// <param name="body">The octets.</param>
    /// <param name="contentType">The message's Content-Type, which says where parts begin.</param>
    /// <param name="multipart">The parts; null when they cannot be read.</param>
    /// <param name="fault">What is wrong.</param>
    /// <param name="limits">How much is read.</param>
    public static bool TryParse(
        ReadOnlyMemory<byte> body, string? contentType, [NotNullWhen(true)] out MultipartBody? multipart, [NotNullWhen(false)] out BodyFault? fault, BodyLimits? limits = null)
    {
        limits ??= BodyLimits.Default;
        multipart = null;
        var type = MediaType.Parse(contentType);
        string? boundary = type?.Parameter("boundary");
        fault = type?.Name.StartsWith("multipart/", StringComparison.Ordinal) != true ? new(0, "this is not a body of several parts")
            : boundary is not { Length: > 0 and <= 70 } ? new(0, "the boundary is missing or too long")
            : body.Length > limits.MaxBytes ? new(0, "the body is larger than allowed")
            : null;
        if (fault is not null)
        {
            return false;
        }

        fault = new MultipartReader(body, boundary!, limits).Read(out var parts);
        multipart = fault is null ? new(parts) { Start = type!.Parameter("start") ?? "" } : null;
        return multipart is not null;
    }

    /// <summary>Writes the parts, each as it is (<c>binary</c>).</summary>
    /// <param name="output">Where to.</param>
    /// <returns>The value of the message's Content-Type, which goes with these octets only.</returns>
    public string WriteTo(IBufferWriter<byte> output)
    {
        string boundary = FreeBoundary();
        foreach (var part in Parts)
        {
            var head = new StringBuilder("--").Append(boundary).Append("\r\nContent-Transfer-Encoding: binary\r\n");
            if (part.ContentId is { } id)
            {
                head.Append("Content-ID: <").Append(id).Append(">\r\n");
                head.Append(WritesBareNames ? $"Content-Id: {id}\r\n" : "");
            }

            Encoding.UTF8.GetBytes(head.Append("Content-Type: ").Append(part.ContentType).Append("\r\n\r\n").ToString(), output);
            output.Write(part.Content.Span);
            output.Write("\r\n"u8);
        }

        Encoding.UTF8.GetBytes($"--{boundary}--\r\n", output);
        return ContentType(boundary);
    }

    private string Start
    {
        init => _start = value;
    }

    private string ContentType(string boundary)
    {
        var parameters = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        if (Root is { } root)
        {
            parameters.Add(KeyValuePair.Create("type", MediaType.Parse(root.ContentType)?.Name ?? root.ContentType));
            if (root.ContentId is { } id)
            {
                parameters.Add(KeyValuePair.Create("start", $"<{id}>"));
            }
        }

        parameters.Add(KeyValuePair.Create("boundary", boundary));
        return new MediaType("multipart/related") { Parameters = parameters.DrainToImmutable() }.ToString();
    }

    // The same parts give the same octets, so the boundary is not drawn by lot. It is made of a hash of all of them, so that nobody writes what it will be into one.
    private string FreeBoundary()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in Parts)
        {
            hash.AppendData(part.Content.Span);
        }

        string name = Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, HashInBoundary));
        for (int number = 1; ; number++)
        {
            string boundary = string.Create(CultureInfo.InvariantCulture, $"part-{name}-{number}");
            byte[] octets = Encoding.ASCII.GetBytes($"--{boundary}");
            if (!Parts.Any(part => part.Content.Span.IndexOf(octets) >= 0))
            {
                return boundary;
            }
        }
    }

    internal static string Bare(string contentId) => contentId is ['<', .. var bare, '>'] ? bare : contentId;
}

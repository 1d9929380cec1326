// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Isthmus.Load;

/// <summary>What the runtime of our server has done, as <c>isthmus show runtime --json</c> tells it.</summary>
/// <param name="Pauses">The latest pauses of garbage collections.</param>
internal sealed record RuntimeFigures(IReadOnlyList<RuntimeFigures.Pause> Pauses)
{
    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>A pause.</summary>
    /// <param name="Number">Counted from 1.</param>
    /// <param name="Milliseconds">How long everything stood still.</param>
    /// <param name="Collections">How many collections that was.</param>
    internal sealed record Pause(long Number, double Milliseconds, int Collections);

    /// <summary>Asks a server by its control socket; null when nobody answers, or does not know the question.</summary>
    public static RuntimeFigures? Ask(string socket)
    {
        try
        {
            using var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            connection.Connect(new UnixDomainSocketEndPoint(socket));
            connection.Send("show runtime\n"u8);
            using var answer = new StreamReader(new NetworkStream(connection), Encoding.UTF8);
            return Read(answer.ReadToEnd());
        }
        catch (Exception fault) when (fault is SocketException or IOException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Reads an answer; null where it has no such figures.</summary>
    public static RuntimeFigures? Read(string answer)
    {
        using var json = JsonDocument.Parse(answer);
        return json.RootElement.TryGetProperty("runtime", out JsonElement runtime) ? runtime.Deserialize<RuntimeFigures>(Names) : null;
    }

    /// <summary>What came after <paramref name="before"/>.</summary>
    public Garbage Since(RuntimeFigures before)
    {
        long last = before.Pauses is [.., var latest] ? latest.Number : 0;
        Pause[] since = [.. Pauses.Where(pause => pause.Number > last)];
        return new(since.Sum(pause => pause.Collections), TimeSpan.FromMilliseconds(since.Select(pause => pause.Milliseconds).DefaultIfEmpty().Max()));
    }
}

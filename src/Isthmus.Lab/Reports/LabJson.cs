// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Isthmus.Figures;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>Results for programs: an object with <c>good</c> and an array <c>rows</c>.</summary>
public static class LabJson
{
    /// <summary>Writes the results as indented JSON.</summary>
    public static void Write(Stream stream, IReadOnlyList<LabResult> results)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteBoolean("good", results.All(result => result.IsGood));
        json.WriteStartArray("rows");
        foreach (LabResult result in results)
        {
            Row(json, result);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Row(Utf8JsonWriter json, LabResult result)
    {
        Figure figure = result.Row.Figure;
        json.WriteStartObject();
        json.WriteString("figure", result.Row.Name);
        json.WriteString("title", result.Row.Title);
        json.WriteString("network", result.Network.Name);
        json.WriteString("judge", result.Method.ToString().ToLowerInvariant());
        json.WriteBoolean("good", result.IsGood);
        Strings(json, "problems", result.Problems);
        Terminal(json, "caller", result, figure.Caller);
        Terminal(json, "callee", result, figure.Callee);
        json.WriteStartObject("servers");
        foreach (string server in figure.Servers)
        {
            json.WriteString(server, result.Settings.ProgramOf(server));
        }

        json.WriteEndObject();
        json.WriteString("expectedMedia", figure.Media.DisplayName);
        Strings(json, "expected", result.Expected);
        Strings(json, "seen", result.Seen);
        json.WriteStartArray("media");
        foreach (MediaFact media in result.Media)
        {
            json.WriteStartObject();
            json.WriteString("from", media.From);
            json.WriteString("to", media.To);
            json.WriteString("version", media.Version.DisplayName);
            json.WriteNumber("rtp", media.Packets);
            json.WriteNumber("rtcp", media.ControlPackets);
            if (media.ToneHz is { } hertz)
            {
                json.WriteNumber("toneHz", hertz);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("messages", result.Ladder.Arrows.Count);
        json.WriteNumber("retransmissions", result.Ladder.Arrows.Count(arrow => arrow.IsRepeat));
        json.WriteString("output", result.Settings.Output);
        json.WriteNumber("seconds", Math.Round(result.Duration.TotalSeconds, 3));
        json.WriteEndObject();
    }

    private static void Terminal(Utf8JsonWriter json, string name, LabResult result, Terminal terminal)
    {
        json.WriteStartObject(name);
        json.WriteString("terminal", terminal.Name);
        json.WriteString("program", result.Settings.ProgramOf(terminal.Name));
        json.WriteString("transport", result.Settings.TransportOf(result.Row.Figure, terminal).UriToken);
        json.WriteEndObject();
    }

    private static void Strings(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}

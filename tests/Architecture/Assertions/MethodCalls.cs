using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace AptP2P.Architecture.Assertions;

/// <summary>
/// Which method calls which, in assemblies that are read and not loaded. A method is its type's full name, two colons, and its own name;
/// overloads are one. A lambda counts as called where it is made.
/// </summary>
internal sealed class MethodCalls
{
    private static readonly Dictionary<ushort, OperandType> Operands = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => (ushort)code.Value, code => code.OperandType);

    private readonly Dictionary<string, HashSet<string>> _calls = [];
    private readonly Dictionary<string, HashSet<string>> _attributes = [];

    /// <summary>The methods that bear one of some attributes.</summary>
    public IEnumerable<string> Having(params string[] attributes) =>
        _attributes.Where(method => method.Value.Overlaps(attributes)).Select(method => method.Key);

    /// <summary>What a method calls, directly or through others that were read.</summary>
    public IEnumerable<string> From(string method)
    {
        var seen = new HashSet<string> { method };
        for (var left = new Queue<string>(seen); left.TryDequeue(out var next);)
        {
            foreach (var called in _calls.GetValueOrDefault(next, []).Where(seen.Add))
            {
                left.Enqueue(called);
            }
        }

        return seen;
    }

    public void Read(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var metadata = file.GetMetadataReader();
        foreach (var handle in metadata.TypeDefinitions)
        {
            var type = metadata.GetTypeDefinition(handle);
            var name = Name(metadata, handle);
            foreach (var method in type.GetMethods().Select(metadata.GetMethodDefinition))
            {
                var own = $"{name}::{metadata.GetString(method.Name)}";
                _attributes[own] = [.. method.GetCustomAttributes().Select(each => Attribute(metadata, each))];
                if (method.RelativeVirtualAddress != 0)
                {
                    var code = file.GetMethodBody(method.RelativeVirtualAddress).GetILReader();
                    Calls(own).UnionWith(Tokens(code).SelectMany(token => Targets(metadata, token)));
                }
            }
        }
    }

    private HashSet<string> Calls(string method)
    {
        if (!_calls.TryGetValue(method, out var calls))
        {
            _calls[method] = calls = [];
        }

        return calls;
    }

    private static IEnumerable<string> Targets(MetadataReader metadata, EntityHandle token)
    {
        switch (token.Kind)
        {
            case HandleKind.MethodDefinition:
                var method = metadata.GetMethodDefinition((MethodDefinitionHandle)token);
                return Called(metadata, method.GetDeclaringType(), metadata.GetString(method.Name));
            case HandleKind.MemberReference:
                var member = metadata.GetMemberReference((MemberReferenceHandle)token);
                return Called(metadata, member.Parent, metadata.GetString(member.Name));
            case HandleKind.MethodSpecification:
                return Targets(metadata, metadata.GetMethodSpecification((MethodSpecificationHandle)token).Method);
            case HandleKind.FieldDefinition:
                return Called(metadata, metadata.GetFieldDefinition((FieldDefinitionHandle)token).GetDeclaringType(), null);
            default:
                return [];
        }
    }

    private static IEnumerable<string> Called(MetadataReader metadata, EntityHandle type, string? method)
    {
        var name = Name(metadata, type);
        if (method is not null)
        {
            yield return $"{name}::{method}";
        }

        if (name.Contains(">d", StringComparison.Ordinal)) // an async method or an iterator: who makes it has it run
        {
            yield return $"{name}::MoveNext";
        }
    }

    private static string Attribute(MetadataReader metadata, CustomAttributeHandle handle)
    {
        var constructor = metadata.GetCustomAttribute(handle).Constructor;
        return constructor.Kind == HandleKind.MemberReference
            ? Name(metadata, metadata.GetMemberReference((MemberReferenceHandle)constructor).Parent)
            : Name(metadata, metadata.GetMethodDefinition((MethodDefinitionHandle)constructor).GetDeclaringType());
    }

    private static string Name(MetadataReader metadata, EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                var type = metadata.GetTypeDefinition((TypeDefinitionHandle)handle);
                var outer = type.GetDeclaringType() is { IsNil: false } declaring ? Name(metadata, declaring) + "+" : "";
                return Join(outer, metadata.GetString(type.Namespace), metadata.GetString(type.Name));
            case HandleKind.TypeReference:
                var reference = metadata.GetTypeReference((TypeReferenceHandle)handle);
                return Join(
                    reference.ResolutionScope.Kind == HandleKind.TypeReference ? Name(metadata, reference.ResolutionScope) + "+" : "",
                    metadata.GetString(reference.Namespace), metadata.GetString(reference.Name));
            case HandleKind.TypeSpecification:
                var signature = metadata.GetBlobReader(metadata.GetTypeSpecification((TypeSpecificationHandle)handle).Signature);
                if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
                {
                    return ""; // an array, or a type parameter
                }

                signature.ReadCompressedInteger(); // class or struct
                return Name(metadata, signature.ReadTypeHandle());
            default:
                return "";
        }

        static string Join(string outer, string space, string name) => $"{outer}{space}{(space.Length > 0 ? "." : "")}{name}";
    }

    private static List<EntityHandle> Tokens(BlobReader code)
    {
        List<EntityHandle> tokens = [];
        while (code.RemainingBytes > 0)
        {
            ushort value = code.ReadByte();
            value = value == 0xfe ? (ushort)(0xfe00 | code.ReadByte()) : value;
            switch (Operands[value])
            {
                case OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok:
                    tokens.Add(MetadataTokens.EntityHandle(code.ReadInt32()));
                    break;
                case OperandType.InlineSwitch:
                    var cases = code.ReadInt32();
                    code.Offset += 4 * cases;
                    break;
                case OperandType.InlineNone:
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    code.Offset += 1;
                    break;
                case OperandType.InlineVar:
                    code.Offset += 2;
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    code.Offset += 8;
                    break;
                default:
                    code.Offset += 4;
                    break;
            }
        }

        return tokens;
    }
}

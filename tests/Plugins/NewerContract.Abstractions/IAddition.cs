namespace AptP2P;

public interface IAddition;
